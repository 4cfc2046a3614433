"""The API's hottest requests as Django and Django REST Framework answer them, on the same database: models, serializers, views."""
import os

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["movies"],
    SECRET_KEY="none",
    TIME_ZONE="UTC",
    USE_TZ=True,
    DATABASES={"default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": "moviedb", "HOST": os.environ["PGHOST"], "PORT": os.environ["PGPORT"],
        "USER": os.environ["PGUSER"], "PASSWORD": os.environ["PGPASSWORD"],
        # A connection of each thread is used again.
        "CONN_MAX_AGE": None,
    }},
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None, "COERCE_DECIMAL_TO_STRING": False,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.shortcuts import get_object_or_404  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402
from movies.models import Favorite, Movie, MovieStats, Rating, Review  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

LIMIT = 20


class MovieSummary(serializers.Serializer):
    id = serializers.IntegerField(source="movie_id")
    title = serializers.CharField(source="movie.title")
    releaseDate = serializers.DateField(source="movie.release_date")
    runtimeMinutes = serializers.IntegerField(source="movie.runtime_minutes")
    genres = serializers.SlugRelatedField("name", source="movie.genres", many=True, read_only=True)
    averageRating = serializers.DecimalField(4, 2, source="average_rating")
    ratingCount = serializers.IntegerField(source="rating_count")
    reviewCount = serializers.IntegerField(source="review_count")
    updatedAt = serializers.DateTimeField(source="movie.updated_at")


class MovieDetail(MovieSummary):
    mpaaRating = serializers.CharField(source="movie.mpaa_rating")
    director = serializers.CharField(source="movie.director")
    distributor = serializers.CharField(source="movie.distributor")
    budget = serializers.IntegerField(source="movie.budget")
    domesticGross = serializers.IntegerField(source="movie.domestic_gross")
    worldwideGross = serializers.IntegerField(source="movie.worldwide_gross")
    imdbRating = serializers.DecimalField(3, 1, source="movie.imdb_rating")
    imdbVotes = serializers.IntegerField(source="movie.imdb_votes")
    imdbId = serializers.CharField(source="movie.imdb_id")
    tmdbId = serializers.IntegerField(source="movie.tmdb_id")
    favoriteCount = serializers.IntegerField(source="favorite_count")
    ratingHistogram = serializers.ListField(child=serializers.IntegerField(), source="rating_histogram")
    createdAt = serializers.DateTimeField(source="movie.created_at")


class ReviewedMovie(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()


class ReviewAuthor(serializers.Serializer):
    id = serializers.IntegerField()
    displayName = serializers.CharField(source="display_name")


class ReviewItem(serializers.Serializer):
    id = serializers.IntegerField()
    movie = ReviewedMovie()
    author = ReviewAuthor(source="user")
    title = serializers.CharField()
    body = serializers.CharField()
    containsSpoilers = serializers.BooleanField(source="contains_spoilers")
    helpfulCount = serializers.IntegerField(source="helpful_count")
    createdAt = serializers.DateTimeField(source="created_at")
    updatedAt = serializers.DateTimeField(source="updated_at")


class FavoriteItem(serializers.Serializer):
    movie = MovieSummary(source="movie.stats")
    createdAt = serializers.DateTimeField(source="created_at")


class RatingItem(serializers.Serializer):
    movieId = serializers.IntegerField(source="movie_id", read_only=True)
    value = serializers.IntegerField(min_value=1, max_value=10)
    createdAt = serializers.DateTimeField(source="created_at", read_only=True)
    updatedAt = serializers.DateTimeField(source="updated_at", read_only=True)


def page(rows, serializer, key, **total):
    rows = list(rows[:LIMIT + 1])
    cursor = key(rows[LIMIT - 1]) if len(rows) > LIMIT else None
    return Response({"items": serializer(rows[:LIMIT], many=True).data, "nextCursor": cursor, **total})


# From the statistics to the movies: the other way would be an outer join, which sorts all movies.
ROWS = MovieStats.objects.select_related("movie").prefetch_related("movie__genres")


class MovieList(APIView):
    def get(self, request):
        word = request.query_params.get("search")
        if word is None:
            total = {"total": Movie.objects.count()} if "includeTotal" in request.query_params else {}
            return page(ROWS.order_by("-score", "-movie_id"), MovieSummary, lambda row: f"{row.score}/{row.movie_id}", **total)
        return page(
            ROWS.filter(movie__sort_title__contains=word).order_by("-rating_count", "-movie_id"),
            MovieSummary, lambda row: f"{row.rating_count}/{row.movie_id}")


class MovieItem(APIView):
    def get(self, request, id):
        return Response(MovieDetail(get_object_or_404(ROWS, movie_id=id)).data)


class ReviewList(APIView):
    def get(self, request, id):
        return page(
            Review.objects.filter(movie_id=id).select_related("movie", "user").order_by("-created_at", "-id"),
            ReviewItem, lambda row: f"{row.created_at}/{row.id}")


class FavoriteList(APIView):
    def get(self, request):
        return page(
            Favorite.objects.filter(user_id=int(request.headers["X-User"]))
            .select_related("movie__stats").prefetch_related("movie__genres").order_by("-created_at", "-movie_id"),
            FavoriteItem, lambda row: f"{row.created_at}/{row.movie_id}")


class MovieRating(APIView):
    def put(self, request, id):
        item = RatingItem(data=request.data)
        item.is_valid(raise_exception=True)
        mine = Rating.objects.filter(user_id=int(request.headers["X-User"]), movie_id=id)
        now = timezone.now()
        if not mine.update(value=item.validated_data["value"]):
            Rating.objects.bulk_create(
                [Rating(user_id=int(request.headers["X-User"]), movie_id=id, created_at=now, updated_at=now, **item.validated_data)])
        return Response(RatingItem(mine.get()).data)


urlpatterns = [
    path("health", lambda request: HttpResponse("ok")),
    path("api/v1/movies", MovieList.as_view()),
    path("api/v1/movies/<int:id>", MovieItem.as_view()),
    path("api/v1/movies/<int:id>/reviews", ReviewList.as_view()),
    path("api/v1/me/favorites", FavoriteList.as_view()),
    path("api/v1/movies/<int:id>/rating", MovieRating.as_view()),
]
application = get_wsgi_application()

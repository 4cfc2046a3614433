from django.contrib.postgres.fields import ArrayField
from django.db import models


class Table:
    managed = False


class Genre(models.Model):
    name = models.TextField()

    class Meta(Table):
        db_table = "genres"
        ordering = ["name"]


class Movie(models.Model):
    title = models.TextField()
    sort_title = models.TextField()
    release_date = models.DateField()
    runtime_minutes = models.IntegerField(null=True)
    mpaa_rating = models.TextField(null=True)
    director = models.TextField(null=True)
    distributor = models.TextField(null=True)
    budget = models.BigIntegerField(null=True)
    domestic_gross = models.BigIntegerField(null=True)
    worldwide_gross = models.BigIntegerField(null=True)
    imdb_rating = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    imdb_votes = models.IntegerField(null=True)
    imdb_id = models.TextField(null=True)
    tmdb_id = models.IntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    genres = models.ManyToManyField(Genre, db_table="movie_genres")

    class Meta(Table):
        db_table = "movies"


class MovieStats(models.Model):
    movie = models.OneToOneField(Movie, models.CASCADE, primary_key=True, related_name="stats")
    average_rating = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    rating_count = models.IntegerField()
    review_count = models.IntegerField()
    favorite_count = models.IntegerField()
    rating_histogram = ArrayField(models.IntegerField())
    score = models.FloatField()

    class Meta(Table):
        db_table = "movie_stats"


class User(models.Model):
    display_name = models.TextField()

    class Meta(Table):
        db_table = "users"


class Review(models.Model):
    movie = models.ForeignKey(Movie, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    title = models.TextField()
    body = models.TextField()
    contains_spoilers = models.BooleanField()
    helpful_count = models.IntegerField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(Table):
        db_table = "reviews"


class Rating(models.Model):
    # The key is of both columns, which this Django does not know.
    user = models.OneToOneField(User, models.CASCADE, primary_key=True)
    movie = models.ForeignKey(Movie, models.CASCADE)
    value = models.SmallIntegerField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(Table):
        db_table = "ratings"


class Favorite(models.Model):
    # As of Rating.
    user = models.OneToOneField(User, models.CASCADE, primary_key=True)
    movie = models.ForeignKey(Movie, models.CASCADE)
    created_at = models.DateTimeField()

    class Meta(Table):
        db_table = "favorites"

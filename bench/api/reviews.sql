SELECT r.id, r.movie_id, m.title AS movie, r.user_id, u.display_name, r.title, r.body, r.contains_spoilers, r.helpful_count, r.created_at, r.updated_at
FROM reviews r JOIN movies m ON m.id = r.movie_id JOIN users u ON u.id = r.user_id
WHERE r.movie_id = :movie ORDER BY r.created_at DESC, r.id DESC LIMIT 21;

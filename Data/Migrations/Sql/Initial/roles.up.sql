-- The roles that the API's rules name. Which account has which is data; which there are is not.
INSERT INTO roles (name, normalized_name) VALUES ('user', 'USER'), ('moderator', 'MODERATOR'), ('admin', 'ADMIN');

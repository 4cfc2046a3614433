DROP FUNCTION wrong_aggregates();

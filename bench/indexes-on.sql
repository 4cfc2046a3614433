SET LOCAL maintenance_work_mem = '256MB';
SELECT "on" FROM taken ORDER BY rank \gexec

"""The table ``used`` by an engine of one's own: DuckDB and Spark run one Ibis expression, Athena and Trino its SQL.

Everything here needs the extra ``lake``.
"""

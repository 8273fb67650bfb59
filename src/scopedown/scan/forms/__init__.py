"""What a scan, and a project, look like to people and to programs: tables, statements, reports."""

"""The shell: order, retries and schedules in Prefect. No SQL and no decision stands here."""

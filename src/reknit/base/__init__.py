"""The foundations every room stands on: people who sign in, audit, jobs, documents, pages, clock and errors."""

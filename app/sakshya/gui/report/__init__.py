"""The papers: report, certificates, sealed bundle and its check."""

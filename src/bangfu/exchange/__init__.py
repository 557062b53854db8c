"""Spreadsheets and paper: what comes in as .xlsx .xls .csv, what goes out as .xlsx and .docx. Knows no tables."""

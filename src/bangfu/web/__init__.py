"""The places: pages that translate a request into one reading or one flow verb. They never write by themselves."""

"""Every table of the product, with its constraints and its only way in, `visible_to(viewer)`. No rules, no sending."""

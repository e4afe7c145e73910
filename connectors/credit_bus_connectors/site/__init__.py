"""The public site 信用张掖（甘州）: pages for anybody, and a feed for 信用甘肃."""

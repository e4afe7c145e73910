SELECT max(version) FROM enquiry.migration

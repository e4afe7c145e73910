SELECT version_num FROM casework.version

"""The store on both databases; the folder is a package so that its files may share helpers."""

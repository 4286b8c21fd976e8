"""The site: a subclass of Voilà's application with routes, accounts and kernels of its own.

    browser ─ handlers (login, beranda, modul, hasil, petugas) ─ store
       └───── channel ─ kernel room ─ kernel (confined) ─ desk ─ writer ─ store

Pages are rendered once a notebook version and shown with what is personal put in; a kernel is a
disposable cache that judges, never a place where something is kept.
"""

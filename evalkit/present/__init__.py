"""Results into sentences, tables and charts in a language.

In every function ``released`` is what is shown, ``words`` the language, ``table_id`` and
``figure_id`` the identifier within the report, ``caption`` what the table or figure shows and
``source`` its source line; docstrings name the other arguments.
"""

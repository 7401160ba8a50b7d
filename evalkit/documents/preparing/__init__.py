"""Before a report: a project file written from a register, and a project looked through."""

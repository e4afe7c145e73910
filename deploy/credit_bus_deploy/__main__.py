"""`python -m credit_bus_deploy`: the command line, as the supervisor starts it."""

from credit_bus_deploy.cli import main

main()


# Filters, their values and columns depend on the list: valora knows them.
complete -c valora -n "__fish_seen_subcommand_from list LISTS" -f -a "(valora complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)"

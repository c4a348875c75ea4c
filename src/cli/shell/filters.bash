
# Filters, their values and columns depend on the list: valora knows them.
_valora_filters() {
    local line="${COMP_LINE:0:COMP_POINT}" candidate means
    local -a words=() found=()
    read -ra words <<< "$line"
    [[ "$line" == *[[:space:]] ]] && words+=("")
    while IFS=$'\t' read -r candidate means; do
        found+=("$candidate")
    done < <("$1" complete -- "${words[@]:1}" 2> /dev/null)
    if ((${#found[@]} == 0)); then
        _valora "$@"
        return
    fi
    # For readline the word begins behind the last of its breaks.
    local current="${words[${#words[@]}-1]}"
    local kept="${current%"${current##*[=:]}"}"
    COMPREPLY=("${found[@]#"$kept"}")
    if [[ "${found[0]}" == *= ]]; then
        compopt -o nospace 2> /dev/null
    fi
}
complete -F _valora_filters -o bashdefault -o default valora

# Filters, their values and columns depend on the list: valora knows them.
_valora_filters() {
    local -a typed found
    typed=("${(@Q)${(z)LBUFFER}}")
    [[ $LBUFFER == *[[:space:]] ]] && typed+=("")
    found=("${(@f)$(valora complete -- "${(@)typed[2,-1]}" 2>/dev/null)}")
    compadd -S '' -- "${(@)found%%$'\t'*}"
}


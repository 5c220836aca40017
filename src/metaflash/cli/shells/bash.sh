
# Tab completes the words of metaflash (bash 4.4 or newer).
_metaflash() {
    local type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            plain) COMPREPLY+=("$value") ;;
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            apkg)
                compopt -o filenames
                mapfile -t COMPREPLY < <(compgen -d -- "$2"; compgen -f -X '!*.apkg' -- "$2")
                ;;
        esac
    done < <(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" \
        _METAFLASH_COMPLETE=bash_complete "${1/#\~/$HOME}" 2> /dev/null)
}
complete -o nosort -F _metaflash metaflash 2> /dev/null

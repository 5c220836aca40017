
# Tab completes the words of metaflash.
_metaflash() {
    local type value help
    local -a bare described
    while IFS= read -r type && IFS= read -r value && IFS= read -r help; do
        case $type in
            plain)
                if [[ $help == _ ]]; then bare+=("$value"); else described+=("$value:$help"); fi
                ;;
            dir) _files -/ ;;
            file) _files ;;
            apkg) _files -g '*.apkg' ;;
        esac
    done < <(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT - 1)) \
        _METAFLASH_COMPLETE=zsh_complete ${~words[1]} 2> /dev/null)
    (( $#described )) && _describe -V metaflash described
    (( $#bare )) && compadd -V metaflash -a bare
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _metaflash metaflash

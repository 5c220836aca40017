
# Tab completes the words of metaflash.
function __metaflash
    set -l word (commandline --current-token --cut-at-cursor)
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    env COMP_WORDS=(commandline --current-process --cut-at-cursor) COMP_CWORD="$word" \
        _METAFLASH_COMPLETE=fish_complete $words[1] 2>/dev/null | while read --local line
        set -l item (string split --max 1 , -- $line)
        switch $item[1]
            case plain
                printf '%s\n' $item[2]
            case dir
                __fish_complete_directories $word
            case file
                __fish_complete_path $word
            case apkg
                __fish_complete_suffix .apkg | string match --regex '.*(?:/|\.apkg)(?:\t.*)?$'
        end
    end
end
complete --command metaflash --no-files --arguments '(__metaflash)'

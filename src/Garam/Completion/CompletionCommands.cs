using System.CommandLine;

namespace Garam.Completion;

/// <summary><c>garam completion bash|zsh|fish</c>: a script that has the shell ask this program what may come next.</summary>
internal static class CompletionCommands
{
    /// <summary>The command that the scripts run.</summary>
    internal const string Asked = "__complete";

    public static IEnumerable<Command> Create(RootCommand root) => [CreateScript(), CreateAsked(root)];

    private static Command CreateScript()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script for completion: source <(garam completion bash)") { shell };
        command.SetAction(parsed => System.Console.Out.Write(parsed.GetRequiredValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        }));
        return command;
    }

    private static Command CreateAsked(RootCommand root)
    {
        var line = new Argument<string>("LINE") { Description = "the command line up to the cursor" };
        var command = new Command(Asked, "What may come next: a line for each, and a tab before what it means") { line };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            foreach (var item in Suggestions.Of(root, parsed.GetRequiredValue(line)))
                System.Console.Out.WriteLine($"{item.Label}\t{item.Detail}");
        });
        return command;
    }

    // A name that holds a colon is several words to bash: what stands before the last of them is already on the line.
    private const string Bash = """
        _garam() {
            local line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]} begun label
            begun=${line##* }
            begun=${begun%"$word"}
            COMPREPLY=()
            while IFS=$'\t' read -r label _; do
                printf -v label %q "$label"
                COMPREPLY+=("${label#"$begun"}")
            done < <("${COMP_WORDS[0]}" __complete "$line" 2>/dev/null)
            [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
            return 0
        }
        complete -F _garam garam

        """;

    private const string Zsh = """
        #compdef garam
        _garam() {
            local line label meaning
            local -a labels meanings
            while IFS=$'\t' read -r label meaning; do
                labels+=("$label")
                meanings+=("$label${meaning:+  -- $meaning}")
            done < <("${words[1]}" __complete "${(j: :)words[1,CURRENT]}" 2>/dev/null)
            (( $#labels )) && compadd -l -d meanings -a labels
        }
        (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
        compdef _garam garam

        """;

    private const string Fish = """
        function __garam_complete
            set -l line (commandline -cp)
            set -l program (commandline -op)[1]
            $program __complete "$line" 2>/dev/null
        end
        complete -c garam -f -a '(__garam_complete)'

        """;
}

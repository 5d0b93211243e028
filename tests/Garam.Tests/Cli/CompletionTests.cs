namespace Garam.Tests.Cli;

/// <summary>The scripts in the shells that they are for: what is offered when Tab is pressed.</summary>
public sealed class CompletionTests(Broker broker) : IClassFixture<Broker>
{
    [Fact]
    public async Task Bash_completes_commands_options_values_and_names()
    {
        using var bash = new BashRun(broker.Address);
        (await bash.RunAsync("garam topic create orders orders-eu payments && printf '1\\n' | garam produce orders && garam consume orders -g 'bill:eu' -n 1")).ShouldExitWith(0);
        await File.WriteAllTextAsync(Path.Combine(bash.Folder, "tab"), """
            source <(garam completion bash)
            COMP_LINE=$1 COMP_POINT=${#1}
            IFS=' :' read -ra COMP_WORDS <<<"$COMP_LINE"
            [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            _garam
            echo "${COMPREPLY[*]}"
            """, TestContext.Current.CancellationToken);
        async Task<string> Tab(string line) => (await bash.RunAsync($"bash tab '{line}'")).ShouldExitWith(0).Out.Trim();

        (await Tab("garam top")).ShouldBe("topic");
        (await Tab("garam topic de")).ShouldBe("delete describe", "aliases are not offered beside their commands");
        (await Tab("garam topic l")).ShouldBe("list");
        (await Tab("garam group reset billing --to ")).ShouldBe("@today @yesterday end group: start");
        (await Tab("garam topic config orders --set ret")).ShouldBe("retention.bytes= retention.ms=");
        (await Tab("garam topic config orders --unset retention.m")).ShouldBe("retention.ms");
        (await Tab("garam consume orders -O e")).ShouldBe("end");
        (await Tab("garam consume -X client.id=shell ord")).ShouldBe("orders orders-eu", "an option that may be given again takes one word");
        (await Tab("garam consume --exit ord")).ShouldBe("orders orders-eu", "a switch takes none");
        (await Tab("garam topic list -o ")).ShouldBe("json ndjson table yaml");
        (await Tab("garam consume --ti")).ShouldBe("--timeout");
        (await Tab("garam consume ord")).ShouldBe("orders orders-eu");
        (await Tab("garam topic describe orders pay")).ShouldBe("payments");
        (await Tab("garam group describe bill:e")).ShouldBe("eu", "bash takes the colon for the end of a word");
        (await Tab("garam consume -b 127.0.0.1:1 ord")).ShouldBeEmpty();
        (await Tab($"garam consume -b 127.0.0.1:1,{broker.Address} ord")).ShouldBe("orders orders-eu", "one of the brokers is enough");
        (await Tab("garam topic -X client.id=shell describe ord")).ShouldBe("orders orders-eu", "the client library is asked where it is configured");
    }

    [Fact]
    public async Task Fish_completes_with_what_words_mean()
    {
        Assert.SkipWhen(BashRun.Find("fish") is null, "fish is absent: apt-get install fish");
        using var bash = new BashRun(broker.Address);
        (await bash.RunAsync("garam topic create river lake")).ShouldExitWith(0);
        async Task<string[]> Tab(string line) => (await bash.RunInAsync("fish", ["--no-config", "-c", $"garam completion fish | source; complete -C '{line}'"])).ShouldExitWith(0).Lines;

        (await Tab("garam topic cl")).ShouldBe(["clear\tDelete the records of topics, and keep the topics"]);
        (await Tab("garam topic describe ri")).ShouldBe(["river"]);
        (await Tab("garam consume -o n")).ShouldBe(["ndjson"]);
    }

    [Fact]
    public async Task Zsh_completes_in_a_terminal()
    {
        Assert.SkipWhen(BashRun.Find("zsh") is null, "zsh is absent: apt-get install zsh");
        using var bash = new BashRun(broker.Address);
        (await bash.RunAsync("garam topic create mountain")).ShouldExitWith(0);
        await File.WriteAllTextAsync(Path.Combine(bash.Folder, "tab.zsh"), """
            zmodload zsh/zpty
            zpty -b shell zsh -f -i
            zmodload zsh/zselect
            expect() {
                local seen line end=$((SECONDS + 30))
                while (( SECONDS < end )); do
                    zpty -r -t shell line && seen+=$line || zselect -t 2
                    [[ $seen == *$1* ]] && return 0
                done
                return 1
            }
            zpty -w shell 'PS1=; autoload -Uz compinit && compinit -u -d ./zcompdump; source <(garam completion zsh); echo rea""dy'
            expect ready
            zpty -w -n shell $'garam topic describe moun\t'
            expect 'describe mountain' && echo completed
            zpty -d shell
            """, TestContext.Current.CancellationToken);
        (await bash.RunInAsync("zsh", ["-f", "tab.zsh"])).ShouldExitWith(0).Out.Trim().ShouldBe("completed");
    }
}

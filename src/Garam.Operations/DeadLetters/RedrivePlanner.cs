using Garam.Operations.Connections;

namespace Garam.Operations.DeadLetters;

/// <summary>Finds out what a re-drive would do.</summary>
internal sealed class RedrivePlanner(KafkaConnection kafka, TimeProvider time)
{
    // Nobody is surprised by a second failure. After the third, sending it back again is probably not the cure.
    private const int SuspiciousRedrives = 3;

    public async Task<RedrivePlan> PlanAsync(string topic, RedriveSelection selection, LetterEdit? edit, string? to, CancellationToken ct)
    {
        if (edit is not null && selection is not RedriveSelection.Place)
            throw new OperationException(FailureKind.Invalid, "only one letter can be edited at a time: select it by its place.");
        var survey = await LetterSurvey.MakeAsync(kafka, time, topic, selection, ct);
        if (selection is RedriveSelection.Place place && survey.Only is null)
            throw new OperationException(FailureKind.NotFound, $"topic {topic} has no dead letter at {place} (any more).");
        if (edit is not null)
            EditCheck.Check(survey.Only!, edit);
        var targets = await RedriveTargets.FindAsync(kafka, topic, [.. survey.Letters.Select(found => to ?? found.Letter.Topic).OfType<string>().Distinct()], ct);
        return await PlanAsync(topic, selection, edit, to, survey, targets, ct);
    }

    private async Task<RedrivePlan> PlanAsync(
        string topic, RedriveSelection selection, LetterEdit? edit, string? to, LetterSurvey survey, RedriveTargets targets, CancellationToken ct)
    {
        var byPlace = selection is RedriveSelection.Place;
        var open = survey.Letters.Where(found => byPlace || survey.RedrivenOf(found.Partition, found.Letter.Offset) is null).ToList();
        var sendable = open.Where(found => WhyNot(found.Letter) is null).ToList();
        var keyChanged = edit is not null && !LetterEdit.SameBytes(edit.Key, survey.Only!.Record.Key);
        var goals = sendable
            .GroupBy(found => (Topic: to ?? found.Letter.Topic!, Partition: keyChanged ? null : targets.Partition(to ?? found.Letter.Topic!, found.Letter.Partition)))
            .Select(same => new RedriveTarget(same.Key.Topic, same.Key.Partition, same.LongCount()))
            .OrderBy(target => target.Topic, StringComparer.Ordinal).ThenBy(target => target.Partition ?? int.MaxValue).ToList();
        var readers = await TargetReaders.FindAsync(
            kafka, [.. goals.Select(goal => goal.Topic).Distinct()], [.. sendable.Select(found => found.Letter.Group).OfType<string>().Distinct()], ct);
        var warnings = new RedriveWarnings();
        warnings.AboutLetters(open.Select(found => found.Letter), WhyNot);
        warnings.AboutTargets(goals, keyChanged);
        warnings.AboutReaders(goals, readers);
        warnings.AboutRepetition(sendable.Count(found => found.Letter.Redrives >= SuspiciousRedrives), SuspiciousRedrives);
        if (byPlace)
            warnings.AboutState(survey.RedrivenOf(open[0].Partition, open[0].Letter.Offset));
        await warnings.AboutCompactionAsync(kafka, topic, goals, ct);
        var diff = edit is null ? [] : LetterDiff.Of(survey.Only!, edit);
        warnings.AboutEdit(survey.Only, edit, diff);
        return new RedrivePlan
        {
            Topic = topic,
            Selection = selection,
            Edit = edit,
            To = to,
            Count = sendable.Count,
            AlreadyRedriven = survey.Letters.LongCount() - open.Count,
            NotSendable = open.Count - sendable.Count,
            Targets = goals,
            Readers = readers,
            Warnings = warnings.Sentences,
            Diff = diff,
            Letters = sendable.GroupBy(found => found.Partition)
                .ToDictionary(same => same.Key, same => new PlannedLetters([.. same.Select(found => found.Letter.Offset)], survey.Ends[same.Key])),
            TargetSet = targets,
        };

        string? WhyNot(LetterSurvey.Found letter) => letter.LacksValue && edit is null
            ? "the record was too large for the dead-letter topic: copy it from its source, or send the letter with --value-file"
            : targets.WhyNot(to ?? letter.Topic);
    }
}

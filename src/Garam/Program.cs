return await Garam.CommandLine.GaramCommand.RunAsync(args);

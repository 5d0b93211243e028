using Garam.Conformance.Brokers;

// One of each for the whole run; whoever needs it first starts it.
[assembly: AssemblyFixture(typeof(GaramBroker))]
[assembly: AssemblyFixture(typeof(ApacheKafka))]

Console.WriteLine("peersync");

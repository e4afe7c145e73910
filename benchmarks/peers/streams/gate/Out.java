package gate;

/** What is to be written: the value, and where. It never leaves the process. */
record Out(String topic, int partition, byte[] value) {}

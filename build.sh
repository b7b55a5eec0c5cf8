cd /tmp/w/perf && mvn -o -q spotless:apply -pl paxos-core && mvn -o -q -pl paxos-core -Dspotless.check.skip=true test-compile 2>&1 | grep -E "ERROR|WARN" | head -20

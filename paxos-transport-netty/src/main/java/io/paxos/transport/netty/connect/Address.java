// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.connect;

/** A host, by name or number, and a port. */
public record Address(String host, int port) {
    private static final int PORT_MAX = 65_535;

    /**
     * Checks what an application gave.
     *
     * @param field what it is for, to be named in the message
     */
    public static Address checked(String field, String host, int port, int portMin) {
        if (host.isBlank()) {
            throw new IllegalArgumentException(field + " host: '" + host + "' must not be blank");
        }
        if (port < portMin || port > PORT_MAX) {
            throw new IllegalArgumentException(
                    field + " port: " + port + " is outside the allowed range " + portMin + ".." + PORT_MAX);
        }
        return new Address(host, port);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}

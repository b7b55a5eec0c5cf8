// SPDX-License-Identifier: Apache-2.0
package io.paxos.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Tables through their bytes. */
final class SessionTables {

    private SessionTables() {}

    static byte[] bytesOf(SessionTable table) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.writeTo(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    static SessionTable copyOf(SessionTable table) throws IOException {
        return SessionTable.readFrom(new DataInputStream(new ByteArrayInputStream(bytesOf(table))));
    }
}

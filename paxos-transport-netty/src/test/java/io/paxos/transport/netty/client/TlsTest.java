// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.Outcome;
import io.paxos.ReadLevel;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS between client and endpoint, with certificates that the JDK's keytool makes here. */
@Timeout(60)
class TlsTest {
    private static final String PASSWORD = "changeit";
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private static Path directory;

    private final FakeCluster cluster = new FakeCluster(1);

    @BeforeAll
    static void makeCertificates() throws Exception {
        make("node", "ip:127.0.0.1");
        make("stranger", "dns:elsewhere.example");
        make("client", "dns:till-7.example");
    }

    private static void make(String name, String alternativeName) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process keytool = new ProcessBuilder(List.of(
                        tool.toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + alternativeName,
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        assertTrue(keytool.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, keytool.exitValue(), () -> name + ": keytool failed");
        KeyStore keys = store(name);
        Key key = keys.getKey(name, PASSWORD.toCharArray());
        pem(name + ".key", "PRIVATE KEY", key.getEncoded());
        pem(name + ".crt", "CERTIFICATE", keys.getCertificate(name).getEncoded());
    }

    private static void pem(String file, String type, byte[] bytes) throws Exception {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                directory.resolve(file), "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
    }

    private static KeyStore store(String name) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve(name + ".p12"))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    /** Shows one certificate, and trusts another one. */
    private static SSLContext context(String own, String trusted) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(own), PASSWORD.toCharArray());
        KeyStore known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        known.setCertificateEntry(trusted, store(trusted).getCertificate(trusted));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private NettyClientEndpointBuilder endpoint() {
        return NettyClientEndpoint.on("127.0.0.1", 0).gateway(cluster.node(1));
    }

    private static PaxosClientBuilder client(NettyClientEndpoint endpoint) {
        return PaxosClient.builder()
                .address("127.0.0.1", endpoint.localAddress().getPort());
    }

    private static Path file(String name) {
        return directory.resolve(name);
    }

    private static void assertWorks(PaxosClientBuilder builder) throws Exception {
        try (PaxosClient client = builder.connect()) {
            for (int i = 0; i < 20; i++) {
                byte[] command = ("c" + i).repeat(i * 100).getBytes(StandardCharsets.US_ASCII);
                Outcome outcome = client.executeAndWait(command, LONG);
                assertEquals(
                        command.length,
                        assertInstanceOf(Outcome.Done.class, outcome, outcome::toString)
                                .result()
                                .length);
            }
            assertTrue(
                    client.queryAndWait(ReadLevel.LOCAL, new byte[] {'q'}, LONG).value().length > 0);
        }
    }

    private static void assertKeptOut(PaxosClientBuilder builder) throws Exception {
        try (PaxosClient client = builder.connect()) {
            Outcome outcome = client.executeAndWait(new byte[1], Duration.ofMillis(700));
            assertEquals(
                    Outcome.Reason.NO_LEADER,
                    assertInstanceOf(Outcome.Refused.class, outcome).reason());
        }
    }

    @Test
    void filesAreEnoughForBothEnds() throws Exception {
        try (NettyClientEndpoint endpoint =
                endpoint().tls(file("node.crt"), file("node.key")).start()) {
            assertWorks(client(endpoint).tls(file("node.crt")));
        }
    }

    @Test
    void contextsOfTheApplicationWorkWithClientCertificatesToo() throws Exception {
        try (NettyClientEndpoint endpoint =
                endpoint().tls(context("node", "client"), true).start()) {
            assertWorks(client(endpoint).tls(context("client", "node")));
            assertKeptOut(client(endpoint).tls(context("stranger", "node")));
            assertKeptOut(client(endpoint).tls(file("node.crt")));
        }
    }

    @Test
    void aNodeThatIsNotTrustedOrNotOfThatNameGetsNoCommand() throws Exception {
        try (NettyClientEndpoint endpoint =
                endpoint().tls(file("node.crt"), file("node.key")).start()) {
            assertKeptOut(client(endpoint).tls(file("client.crt")));
        }
        try (NettyClientEndpoint endpoint =
                endpoint().tls(file("stranger.crt"), file("stranger.key")).start()) {
            assertKeptOut(client(endpoint).tls(file("stranger.crt")));
            assertKeptOut(client(endpoint).tls(context("client", "stranger")));
        }
        assertEquals(List.of(), cluster.effects());
    }

    @Test
    void plainAndTlsDoNotMix() throws Exception {
        try (NettyClientEndpoint endpoint =
                endpoint().tls(file("node.crt"), file("node.key")).start()) {
            assertKeptOut(client(endpoint));
        }
        try (NettyClientEndpoint endpoint = endpoint().start()) {
            assertKeptOut(client(endpoint).tls(file("node.crt")));
        }
    }

    @Test
    void filesThatCannotBeUsedAreNamed() {
        IllegalArgumentException unusable = assertThrows(
                IllegalArgumentException.class, () -> endpoint().tls(file("node.crt"), file("missing.key")));
        assertTrue(unusable.getMessage().contains("missing.key"), unusable.getMessage());
        assertThrows(IllegalArgumentException.class, () -> PaxosClient.builder().tls(file("node.key")));
    }
}

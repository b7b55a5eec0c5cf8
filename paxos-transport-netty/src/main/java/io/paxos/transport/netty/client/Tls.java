// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** Makes the TLS end of a connection; with the JDK's own TLS, so that no native library is needed. */
@FunctionalInterface
interface Tls {

    /**
     * The handler of one connection.
     *
     * @param host the other end as it was dialled; on the accepting end without meaning
     */
    SslHandler handler(ByteBufAllocator allocator, String host, int port);

    /** The accepting end, with a certificate chain and a private key in PEM files. */
    static Tls accepting(Path certificateChain, Path privateKey) {
        try {
            SslContext context = SslContextBuilder.forServer(certificateChain.toFile(), privateKey.toFile())
                    .sslProvider(SslProvider.JDK)
                    .build();
            return (allocator, host, port) -> context.newHandler(allocator);
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new IllegalArgumentException(
                    "tls: " + certificateChain + " and " + privateKey + " cannot be used: " + unusable.getMessage(),
                    unusable);
        }
    }

    /** The accepting end, as the host application made it; with client certificates if it wants them. */
    static Tls accepting(SSLContext context, boolean clientCertificates) {
        return (allocator, host, port) -> {
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            engine.setNeedClientAuth(clientCertificates);
            return new SslHandler(engine);
        };
    }

    /** The dialling end, which trusts the certificates in a PEM file, if they are of the host that was dialled. */
    static Tls dialling(Path trusted) {
        try {
            SslContext context = SslContextBuilder.forClient()
                    .trustManager(trusted.toFile())
                    .sslProvider(SslProvider.JDK)
                    .build();
            return context::newHandler;
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new IllegalArgumentException(
                    "tls: " + trusted + " cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    /** The dialling end, as the application made it. The certificate must be of the host that was dialled, all the same. */
    static Tls dialling(SSLContext context) {
        return (allocator, host, port) -> {
            SSLEngine engine = context.createSSLEngine(host, port);
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            engine.setSSLParameters(parameters);
            return new SslHandler(engine);
        };
    }
}

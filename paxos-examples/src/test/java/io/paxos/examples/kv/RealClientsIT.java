// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;

/** Two clients that people use, unchanged, against three processes. */
class RealClientsIT {

    private static final String HOST = "127.0.0.1";

    @TempDir
    static Path home;

    private static KvCluster cluster;

    @BeforeAll
    static void start() {
        cluster = KvCluster.start(home);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void jedisWritesOnOneNodeAndReadsOnTheOthers() {
        try (Jedis first = new Jedis(HOST, cluster.port(0));
                Jedis second = new Jedis(HOST, cluster.port(1));
                Jedis third = new Jedis(HOST, cluster.port(2))) {
            assertEquals("PONG", first.ping());
            assertEquals("OK", first.set("jedis", "1"));
            assertEquals("1", second.get("jedis"));
            assertEquals(2, third.incr("jedis"));
            assertEquals(12, first.incrBy("jedis", 10));
            assertEquals(11, second.decr("jedis"));
            assertEquals(null, second.set("jedis", "x", SetParams.setParams().nx()));
            assertEquals("OK", second.set("jedis", "x", SetParams.setParams().xx()));
            assertEquals(Arrays.asList("x", null), third.mget("jedis", "jedis-none"));
            assertEquals(2, third.exists("jedis", "jedis", "jedis-none"));
            assertEquals(1, first.del("jedis", "jedis-none"));
            JedisDataException e =
                    assertThrows(JedisDataException.class, () -> first.set("jedis", "x".repeat(600_000)));
            assertEquals("ERR value is too large: 600000 bytes, the limit is 524288", e.getMessage());
            assertEquals("OK", first.set("jedis", "x".repeat(512 << 10)));
            assertEquals(512 << 10, second.get("jedis").length());
        }
    }

    @Test
    void jedisKeepsEveryByte() {
        byte[] key = {0, '\r', '\n', (byte) 0xff, ' '};
        byte[] value = {'\n', '\r', 0, (byte) 0xfe};
        try (Jedis jedis = new Jedis(HOST, cluster.port(0))) {
            jedis.set(key, value);
            assertArrayEquals(value, jedis.get(key));
        }
    }

    @Test
    void jedisPipelinesInOrder() {
        try (Jedis jedis = new Jedis(HOST, cluster.port(1))) {
            Pipeline pipeline = jedis.pipelined();
            List<Response<Long>> responses = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                responses.add(pipeline.incr("jedis-pipeline"));
            }
            pipeline.sync();
            for (int i = 0; i < 2_000; i++) {
                assertEquals(i + 1, responses.get(i).get());
            }
        }
    }

    @Test
    void newerJedisClientTalksToIt() {
        try (redis.clients.jedis.RedisClient client = redis.clients.jedis.RedisClient.create(HOST, cluster.port(2))) {
            assertEquals("OK", client.set("jedis-client", "1"));
            assertEquals(2, client.incr("jedis-client"));
            assertEquals("2", client.get("jedis-client"));
        }
    }

    @Test
    void lettuceWritesReadsAndPipelines() {
        RedisURI uri = RedisURI.Builder.redis(HOST, cluster.port(0))
                .withTimeout(Duration.ofSeconds(20))
                .build();
        RedisClient client = RedisClient.create(uri);
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> commands = connection.sync();
            assertEquals("PONG", commands.ping());
            assertEquals("OK", commands.set("lettuce", "1"));
            assertEquals("1", commands.get("lettuce"));
            assertEquals(2, commands.incr("lettuce"));
            assertEquals(null, commands.set("lettuce", "x", SetArgs.Builder.nx()));
            assertEquals("OK", commands.set("lettuce", "x", SetArgs.Builder.xx()));
            RedisCommandExecutionException e =
                    assertThrows(RedisCommandExecutionException.class, () -> commands.incr("lettuce"));
            assertEquals("ERR value is not an integer or out of range", e.getMessage());
            connection.setAutoFlushCommands(false);
            List<RedisFuture<Long>> futures = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                futures.add(connection.async().incr("lettuce-pipeline"));
            }
            connection.flushCommands();
            assertTrue(LettuceFutures.awaitAll(Duration.ofSeconds(20), futures.toArray(new RedisFuture<?>[0])));
            for (int i = 0; i < 2_000; i++) {
                assertEquals(i + 1, futures.get(i).toCompletableFuture().join());
            }
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        }
    }

    @Test
    void compareAndSetTellsWhetherItReplaced() {
        try (Jedis jedis = new Jedis(HOST, cluster.port(0))) {
            jedis.set("cas", "a");
            assertEquals(0L, cas(jedis, "cas", "b", "c"));
            assertEquals(1L, cas(jedis, "cas", "a", "c"));
            assertEquals("c", jedis.get("cas"));
        }
    }

    private static Object cas(Jedis jedis, String... arguments) {
        byte[][] bytes = Arrays.stream(arguments)
                .map(argument -> argument.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        return jedis.sendCommand(() -> "CAS".getBytes(StandardCharsets.UTF_8), bytes);
    }
}

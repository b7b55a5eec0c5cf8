// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import io.paxos.message.Message;
import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what the {@link Figures} are computed from, event by event. Memory: three numbers an operation, and two for each
 * window of virtual time.
 */
final class FigureTally {

    static final long WINDOW_MILLIS = 100;
    private static final long WINDOW_MICROS = 1_000 * WINDOW_MILLIS;

    private final Map<Long, Long> invokedMicros = new LinkedHashMap<>();
    private long[] invoked = new long[256];
    private long[] ended = new long[256];
    private Answer[] answers = new Answer[256];
    private int operations;
    private int[] proposals = new int[64];
    private int[] refusals = new int[64];
    private long lastMicros;

    void observe(TraceEvent event) {
        lastMicros = Math.max(lastMicros, event.atMicros());
        if (event instanceof TraceEvent.MessageDelivered delivered) {
            Message message = delivered.message();
            if (message instanceof Message.Prepare || message instanceof Message.Accept) {
                proposals = count(proposals, event.atMicros());
            }
        } else if (event instanceof TraceEvent.MessageSent sent) {
            if (sent.message() instanceof Message.Rejected) {
                refusals = count(refusals, event.atMicros());
            }
        } else if (event instanceof TraceEvent.ClientInvoked asked) {
            invokedMicros.put(asked.operation(), asked.atMicros());
        } else if (event instanceof TraceEvent.ClientAnswered answered) {
            Long since = invokedMicros.remove(answered.operation());
            add(since == null ? answered.atMicros() : since, answered.atMicros(), answered.answer());
        }
    }

    private static int[] count(int[] windows, long atMicros) {
        int window = windowOf(atMicros);
        int[] grown = window < windows.length ? windows : Arrays.copyOf(windows, 2 * window);
        grown[window]++;
        return grown;
    }

    private void add(long since, long until, Answer answer) {
        if (operations == ended.length) {
            invoked = Arrays.copyOf(invoked, 2 * operations);
            ended = Arrays.copyOf(ended, 2 * operations);
            answers = Arrays.copyOf(answers, 2 * operations);
        }
        invoked[operations] = since;
        ended[operations] = until;
        answers[operations++] = answer;
    }

    private static int windowOf(long micros) {
        return (int) (micros / WINDOW_MICROS);
    }

    /** When the last event was. */
    long lastMicros() {
        return lastMicros;
    }

    /** Over everything so far. */
    Figures whole() {
        int windows = windowOf(lastMicros) + 1;
        return between(0, windows, availability(windows));
    }

    /** The same in equal parts of the run, at most so many, each a whole number of windows. */
    List<Point> curve(int pointsMax) {
        int windows = windowOf(lastMicros) + 1;
        boolean[][] availability = availability(windows);
        int step = (windows + pointsMax - 1) / pointsMax;
        List<Point> curve = new ArrayList<>();
        for (int from = 0; from < windows; from += step) {
            int until = Math.min(windows, from + step);
            curve.add(new Point(from * WINDOW_MICROS, until * WINDOW_MICROS, between(from, until, availability)));
        }
        return curve;
    }

    /**
     * A part of a run.
     *
     * @param fromMicros where it begins
     * @param untilMicros where it ends
     * @param figures of the operations that ended in it
     */
    record Point(long fromMicros, long untilMicros, Figures figures) {}

    private Figures between(int fromWindow, int untilWindow, boolean[][] availability) {
        long[] latencies = new long[operations];
        int done = 0;
        for (int i = 0; i < operations; i++) {
            int window = windowOf(ended[i]);
            if (answers[i] == Answer.DONE && window >= fromWindow && window < untilWindow) {
                latencies[done++] = ended[i] - invoked[i];
            }
        }
        Arrays.sort(latencies, 0, done);
        long proposed = sum(proposals, fromWindow, untilWindow);
        long refused = sum(refusals, fromWindow, untilWindow);
        int active = 0;
        int lost = 0;
        for (int window = fromWindow; window < untilWindow; window++) {
            active += availability[0][window] ? 1 : 0;
            lost += availability[1][window] ? 1 : 0;
        }
        long untilMicros = Math.min(untilWindow * WINDOW_MICROS, Math.max(lastMicros, 1));
        double seconds = (untilMicros - fromWindow * WINDOW_MICROS) / 1e6;
        return new Figures(
                percentile(latencies, done, 50),
                percentile(latencies, done, 99),
                proposed == 0 ? Double.NaN : (double) refused / proposed,
                seconds <= 0 ? Double.NaN : done / seconds,
                active == 0 ? Double.NaN : 100.0 * (active - lost) / active);
    }

    private static double percentile(long[] sorted, int count, int percent) {
        return count == 0 ? Double.NaN : sorted[Math.min(count - 1, count * percent / 100)] / 1_000.0;
    }

    private static long sum(int[] windows, int from, int until) {
        long sum = 0;
        for (int window = from; window < Math.min(until, windows.length); window++) {
            sum += windows[window];
        }
        return sum;
    }

    /** Per window: whether a client had something open in it, and whether it was lost. */
    private boolean[][] availability(int windows) {
        boolean[] active = new boolean[windows];
        boolean[] waited = new boolean[windows];
        boolean[] served = new boolean[windows];
        for (int i = 0; i < operations; i++) {
            mark(invoked[i], ended[i], active, waited);
            int last = windowOf(ended[i]);
            if (answers[i] == Answer.DONE) {
                served[last] = true;
            } else {
                waited[last] = true;
            }
        }
        for (long since : invokedMicros.values()) {
            mark(since, lastMicros, active, waited);
        }
        boolean[] lost = new boolean[windows];
        for (int window = 0; window < windows; window++) {
            lost[window] = waited[window] && !served[window];
        }
        return new boolean[][] {active, lost};
    }

    /** An operation was open then: active in each window it touches, waiting in each that it fills. */
    private static void mark(long since, long until, boolean[] active, boolean[] waited) {
        int first = windowOf(since);
        int last = windowOf(until);
        for (int window = first; window <= last; window++) {
            active[window] = true;
            waited[window] |= window > first && window < last;
        }
    }
}

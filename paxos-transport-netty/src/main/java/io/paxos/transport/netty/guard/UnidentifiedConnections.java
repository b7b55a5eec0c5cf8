// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.guard;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The inbound connections that have not been identified yet, at most so many. When one too many comes, the one that has been
 * silent longest goes: a member says hello at once, so that ten thousand idle connections do not keep it out. Any thread.
 */
public final class UnidentifiedConnections {
    private final int max;
    private final Set<Channel> channels = new LinkedHashSet<>();

    public UnidentifiedConnections(int max) {
        this.max = max;
    }

    /** Takes the channel in; returns the one to close for it, if any. */
    public @Nullable Channel add(Channel channel) {
        synchronized (channels) {
            channels.add(channel);
            if (channels.size() <= max) {
                return null;
            }
            Iterator<Channel> eldest = channels.iterator();
            Channel evicted = eldest.next();
            eldest.remove();
            return evicted;
        }
    }

    public void remove(Channel channel) {
        synchronized (channels) {
            channels.remove(channel);
        }
    }

    public int size() {
        synchronized (channels) {
            return channels.size();
        }
    }
}

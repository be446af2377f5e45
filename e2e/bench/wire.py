"""A wire between two interfaces: delay, rate, loss and a bounded queue, in user space, because kernels may lack netem.
usage: wire.py INTERFACE INTERFACE DELAY_MS RATE_MBIT LOSS QUEUE_MS; delay is one way, loss is a share of the frames."""
import collections, random, select, socket, sys, time

delay, rate, loss, room = float(sys.argv[3]) / 1e3, float(sys.argv[4]) * 125_000, float(sys.argv[5]), float(sys.argv[6]) / 1e3
SO_RCVBUFFORCE, PACKET_IGNORE_OUTGOING, SOL_PACKET, ETH_P_ALL = 33, 23, 263, 3
ends = []
for name in sys.argv[1:3]:
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    end.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    end.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    end.bind((name, 0))
    end.setblocking(False)
    ends.append(end)
queues = [collections.deque(), collections.deque()]
free = [0.0, 0.0]
poll = select.epoll()
for end in ends:
    poll.register(end, select.EPOLLIN)
index = {end.fileno(): number for number, end in enumerate(ends)}
print('ready', flush=True)
while True:
    now = time.monotonic()
    events = poll.poll(min([0.1] + [max(0.0, queue[0][0] - now) for queue in queues if queue]))
    now = time.monotonic()
    for descriptor, _ in events:
        side = index[descriptor]
        for _ in range(64):
            try:
                frame = ends[side].recv(65_600)
            except BlockingIOError:
                break
            start = max(now, free[side])
            # Lost, or the queue is full.
            if random.random() < loss or start - now > room:
                continue
            free[side] = start + len(frame) / rate
            queues[side].append((free[side] + delay, frame))
    now = time.monotonic()
    for side, queue in enumerate(queues):
        while queue and queue[0][0] <= now:
            try:
                ends[1 - side].send(queue.popleft()[1])
            except OSError:
                pass

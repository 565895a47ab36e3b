"""lab_wait AMQP_URL QUEUE SECONDS: wait until QUEUE has a consumer.

Octavia's API sends to the workers through a queue that the first worker declares; what is sent
before that, RabbitMQ drops, and the object stays PENDING_CREATE for ever.
"""

import sys
import time

from kombu import Connection


def consumers(url, queue):
    """How many listen to the queue; none while there is no broker or no queue."""
    try:
        with Connection(url) as connection:
            return connection.default_channel.queue_declare(queue, passive=True).consumer_count
    except Exception:  # whatever it is, it is not there yet
        return 0


def main(url, queue, seconds):
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end:
        if consumers(url, queue):
            return
        time.sleep(0.1)
    sys.exit(f"{queue}: no consumer after {seconds} s")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A line that breaks: forwards to the portal, slowly, and cuts each connection after a random number of bytes."""

import random
import socket
import threading
import time


class Cutter:
    def __init__(self, target_port, chance: random.Random, longest, bytes_a_second):
        self.target = target_port
        self.chance = chance
        self.longest = longest
        self.rate = bytes_a_second
        self.cuts = 0
        self.passed = 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client, self.chance.randrange(1, self.longest)), daemon=True).start()

    def carry(self, client, until_cut):
        try:
            portal = socket.create_connection(("127.0.0.1", self.target), timeout=5)
        except OSError:
            client.close()
            return
        threading.Thread(target=self.upstream, args=(client, portal), daemon=True).start()
        left = until_cut
        try:
            while left > 0:
                data = portal.recv(min(65536, left))
                if not data:
                    break
                client.sendall(data)
                left -= len(data)
                self.passed += len(data)
                time.sleep(len(data) / self.rate)
        except OSError:
            pass
        self.cuts += left <= 0
        for end in (client, portal):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def upstream(self, client, portal):
        try:
            while data := client.recv(65536):
                portal.sendall(data)
        except OSError:
            pass

    def close(self):
        self.server.close()

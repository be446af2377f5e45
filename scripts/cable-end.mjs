// Runs at the near end of the cable and forwards the ports of the browser's 127.0.0.1 to the far end.
import net from 'node:net';

const [far, ...ports] = process.argv.slice(2);
let waiting = ports.length;
for (const port of ports) {
  net
    .createServer((client) => {
      const server = net.connect(Number(port), far);
      client.on('error', () => server.destroy()).on('close', () => server.destroy());
      server.on('error', () => client.destroy()).on('close', () => client.destroy());
      client.pipe(server).pipe(client);
    })
    .listen(Number(port), '127.0.0.1', () => {
      waiting -= 1;
      if (waiting === 0) console.log('ready');
    });
}

// Says where it runs and with which arguments, then says each interrupt until its input ends.
process.on('SIGINT', () => process.stdout.write('interrupt\n'));
process.stdout.write(`${JSON.stringify({ directory: process.cwd(), arguments: process.argv.slice(2) })}\n`);
process.stdin.resume().on('end', () => process.exit(7));

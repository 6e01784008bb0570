import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** What a finished process took; the last two on Linux only, where they are looked at every few milliseconds. */
export interface Used {
  seconds: number;
  cpuSeconds: number;
  megabytes: number;
}

/** Runs a program to its end with its output thrown away; throws when it fails. */
export async function runProcess(program: string, args: string[]): Promise<Used> {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const used: Used = { seconds: 0, cpuSeconds: 0, megabytes: 0 };
  const look = setInterval(() => lookAt(child.pid, used), 5);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${said}`);
  } finally {
    clearInterval(look);
  }
  used.seconds = (performance.now() - start) / 1000;
  return used;
}

function lookAt(pid: number | undefined, used: Used): void {
  try {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    if (peak) used.megabytes = Math.max(used.megabytes, Number(peak) / 1024);
    // Behind the name, which may hold anything: the 12th and 13th field are ticks of 10 ms in user and system.
    const [, fields] = /.*\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))!;
    const ticks = fields!.split(' ').slice(11, 13).map(Number);
    used.cpuSeconds = Math.max(used.cpuSeconds, (ticks[0]! + ticks[1]!) / 100);
  } catch {
    // Gone, or no Linux.
  }
}

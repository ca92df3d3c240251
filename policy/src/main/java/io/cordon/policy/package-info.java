/**
 * Policies: what a tenant may use, as pure data, parsed from YAML files.
 *
 * <p>{@link PolicyDirectory} reads them, {@link Policy} is what comes of it, and {@link
 * PolicyException} has everything that is wrong, each problem with its file, line and column and a
 * stable {@linkplain PolicyProblem.Code code}. This page is the manual of the files.
 *
 * <h2>A policy</h2>
 *
 * {@snippet lang="yaml" :
 * tenant: acme                   # the file is acme.yaml
 * isolation:
 *   strategy: auto               # auto | process | vm
 *   require: [namespaces, seccomp, cgroup]
 *   overrides:
 *     - when: { kind: command }  # native programs of this tenant
 *       strategy: process
 * limits:                        # the tenant as a whole
 *   tasks.concurrent: 8
 *   tasks.rate: 50/s
 *   tasks.queue: { max: 100, wait: 5s }
 *   cpu.budget: 30min per 1h
 *   cpu.max: 1500m
 *   memory.max: 1Gi
 *   pids.max: 256
 * sandbox:                       # each sandbox of it
 *   cpu.max: 500m
 *   memory.max: 256Mi
 *   pids.max: 64
 *   disk.max: { bytes: 64Mi, inodes: 10k }
 *   files.max: 1024
 *   cpu.weight: 100
 *   cpuset.cpus: 0-3
 *   memory.high: 224Mi
 *   memory.swap.max: 0
 *   io.max: { rbps: 20Mi, wbps: 10Mi }
 * task:                          # each task; the wall clock starts at its dispatch
 *   wall.max: 5s
 *   cpu.time: 2s
 *   output.max: 1Mi
 *   start.max: 10s
 *   onDeny: continue             # continue | kill
 * environment: [LANG, TZ]
 * }
 *
 * <p>Only {@code tenant} must be there. The name is a DNS label, and the same as the file's.
 *
 * <h2>The three files that decide</h2>
 *
 * <p>A directory holds one {@code NAME.yaml} per tenant, and two more that need not be there and
 * have no {@code tenant}:
 *
 * <ul>
 *   <li>{@code defaults.yaml} fills the keys that a tenant's file leaves out, key by key; lists are
 *       filled as a whole. What neither has gets the built-in default.
 *   <li>{@code ceiling.yaml} is the most that any tenant gets, whoever asked for it. It gives
 *       nothing.
 * </ul>
 *
 * <p>What a value in the ceiling does to the tenant's:
 *
 * <ul>
 *   <li>an amount: the smaller of the two; the ceiling's where there was no limit.
 *   <li>{@code tasks.rate}: the smaller number, refilled as slowly as that of the slower rate:
 *       {@code 50/s} cuts {@code 1k/min} to {@code 50/3s}.
 *   <li>{@code cpu.budget}: the smaller amount, in the longer window: what is within that is within
 *       both, wherever one begins to look.
 *   <li>{@code cpuset.cpus}, {@code cpuset.mems}: what is in both; the ceiling's where nothing is.
 *   <li>{@code strategy}, {@code overrides}: a kind of workload for which the ceiling's first
 *       matching override, or else its strategy, says {@code vm} gets {@code vm}; nothing else
 *       changes.
 *   <li>{@code require}: both together.
 *   <li>{@code emulation}: {@code refuse} where the ceiling says {@code refuse}.
 *   <li>{@code environment}: the names that are in both.
 *   <li>{@code onDeny}: {@code kill} where the ceiling says {@code kill}.
 * </ul>
 *
 * <p>A ceiling for everyone:
 *
 * {@snippet lang="yaml" :
 * isolation: { require: [seccomp] }
 * sandbox: { memory.max: 1Gi, pids.max: 256 }
 * task: { wall.max: 1min }
 * environment: [LANG, LC_ALL, TZ]
 * }
 *
 * <p>{@link PolicyDirectory#explain} shows what each key came to and why, such as {@code 512Mi},
 * because {@code ceiling.yaml:2 cuts acme.yaml:12 (1Gi)}.
 *
 * <h2>The keys</h2>
 *
 * <p>With their values, and the value where no file has one:
 *
 * <ul>
 *   <li>{@code isolation.strategy}: auto, process, vm; built in: auto. How workloads are isolated
 *       that no override is for.
 *   <li>{@code isolation.require}: list of namespaces, seccomp, landlock, cgroup; built in:
 *       [namespaces, seccomp]. The protections without which nothing of the tenant starts.
 *   <li>{@code isolation.overrides}: list of overrides; built in: []. Other strategies for some
 *       kinds of workload; the first that matches decides.
 *   <li>{@code isolation.vm.emulation}: refuse, allow; built in: refuse. Whether a micro-VM may be
 *       emulated where the host has no usable KVM.
 *   <li>{@code limits.tasks.concurrent}: 1 to 65536; built in: no limit. How many tasks of the
 *       tenant may run at once.
 *   <li>{@code limits.tasks.rate}: 1 to 1M, each 1s to 1d; built in: no limit. How many tasks of
 *       the tenant may begin in a while: so many at once, and then evenly.
 *   <li>{@code limits.cpu.budget}: 1ms to 31744d, per 1s to 31d; built in: no limit. Processor time
 *       of all tasks of the tenant within a sliding window; once it is used, what runs goes on and
 *       nothing begins.
 *   <li>{@code limits.tasks.queue.max}: 0 to 65536; built in: 0. How many tasks of the tenant may
 *       wait for their admission; more are refused.
 *   <li>{@code limits.tasks.queue.wait}: 1ms to 1d; built in: 5s. How long a task waits for its
 *       admission; then it is refused.
 *   <li>{@code limits.cpu.max}: 10m to 1024; built in: no limit. Processor cores of all sandboxes
 *       of the tenant together; more is slowed down.
 *   <li>{@code limits.memory.max}: 1Mi to 64Ti; built in: no limit. Memory of all sandboxes of the
 *       tenant together, idle workers included; for more, one of them is killed.
 *   <li>{@code limits.pids.max}: 1 to 4194304; built in: no limit. Processes and threads of all
 *       sandboxes of the tenant together, idle workers included; more is denied.
 *   <li>{@code sandbox.cpu.max}: 10m to 1024; built in: 1. Processor cores; more is slowed down.
 *   <li>{@code sandbox.memory.max}: 1Mi to 64Ti; built in: 256Mi. Memory of all processes of the
 *       sandbox together, and in a process cell its files; more is killed.
 *   <li>{@code sandbox.pids.max}: 1 to 4194304; built in: 64. Processes and threads together; more
 *       is denied.
 *   <li>{@code sandbox.disk.max.bytes}: 64Ki to 64Ti; built in: 64Mi. Bytes in the working
 *       directory and /tmp together; more is denied.
 *   <li>{@code sandbox.disk.max.inodes}: 16 to 1G; built in: 10k. Files and directories in the
 *       working directory and /tmp together; more is denied.
 *   <li>{@code sandbox.files.max}: 32 to 1048576; built in: 1024. Files that each process may have
 *       open; more is denied.
 *   <li>{@code sandbox.cpu.weight}: 1 to 10k; built in: 100. Share of processors that are busy,
 *       against that of others.
 *   <li>{@code sandbox.cpuset.cpus}: numbers such as 0-3,8; built in: no limit. The processors that
 *       it may run on.
 *   <li>{@code sandbox.cpuset.mems}: numbers such as 0-3,8; built in: no limit. The memory nodes
 *       that it may allocate from.
 *   <li>{@code sandbox.memory.high}: 1Mi to 64Ti; built in: no limit. Memory above which it is
 *       slowed down and has to give some back.
 *   <li>{@code sandbox.memory.swap.max}: 0 to 64Ti; built in: 0. Memory that may be swapped out.
 *   <li>{@code sandbox.io.max.rbps}: 1 to 1Ti; built in: no limit. Bytes a second that may be read
 *       from each disk; more is slowed down.
 *   <li>{@code sandbox.io.max.wbps}: 1 to 1Ti; built in: no limit. Bytes a second that may be
 *       written to each disk; more is slowed down.
 *   <li>{@code sandbox.io.max.riops}: 1 to 1099511627776; built in: no limit. Reads a second from
 *       each disk; more is slowed down.
 *   <li>{@code sandbox.io.max.wiops}: 1 to 1099511627776; built in: no limit. Writes a second to
 *       each disk; more is slowed down.
 *   <li>{@code sandbox.io.weight}: 1 to 10k; built in: 100. Share of disks that are busy, against
 *       that of others.
 *   <li>{@code task.wall.max}: 1ms to 7d; built in: 5s. How long a task may take, from its
 *       dispatch; then it is killed.
 *   <li>{@code task.cpu.time}: 1ms to 7d; built in: no limit. How much processor time a task may
 *       use; then it is killed.
 *   <li>{@code task.output.max}: 1 to 1Ti; built in: 1Mi. Bytes that a task may write to its
 *       standard streams and results; more is killed.
 *   <li>{@code task.start.max}: 1ms to 1h; built in: 10s. How long a sandbox may take to start;
 *       then it is killed.
 *   <li>{@code task.onDeny}: continue, kill; built in: continue. What a denied request does to the
 *       task.
 *   <li>{@code script.statements}: 1 to 1000G; built in: no limit. How many statements a script may
 *       execute; then it is ended.
 *   <li>{@code script.stack.depth}: 1 to 65536; built in: no limit. How many functions of a script
 *       may be under way at once; then it is ended.
 *   <li>{@code environment}: list of names; built in: []. The names of the host's environment
 *       variables that a native program may see.
 * </ul>
 *
 * <p>{@code auto} is {@code process} where that provides what the policy requires, else {@code vm}.
 * Where both could be had, a plugin's bytecode is looked at first, in a cell: one that uses native
 * code (JNI), foreign functions or memory, {@code Unsafe}, agents or processes that it starts, or
 * that can't be read, gets {@code vm}. Who hides such use is not found out: name {@code vm} for
 * code that must be there. An override names the strategy of a kind of workload, and the ceiling
 * may demand {@code vm}.
 *
 * <p>{@code memory.max}, {@code wall.max}, {@code cpu.time}, {@code output.max}, {@code start.max},
 * {@code statements} and {@code stack.depth} kill; {@code pids.max}, {@code disk.max}, {@code
 * tasks.concurrent}, {@code tasks.rate} and {@code cpu.budget} deny; {@code cpu.max} slows down.
 * See {@link Limit}.
 *
 * <p>What {@code limits} says holds for all sandboxes of the tenant together, however many it
 * opens. A task that met such a total names it with {@code tenant/} before it: {@code
 * tenant/memory.max}. Where the kernel holds no totals, memory is watched, and the sandbox that has
 * the most is killed; nothing then holds a tenant to its total of processes and of processor time.
 *
 * <p>A task that may not begin, for {@code tasks.concurrent}, {@code tasks.rate} or {@code
 * cpu.budget}, waits where {@code tasks.queue} has room for it, and is refused otherwise. Its
 * {@code wall.max} does not run while it waits. A rate is a bucket: {@code 50/s} lets 50 begin at
 * once, and then one every 20ms; {@code 10/5min} is a rate, too. A budget is charged with what a
 * task has used when it ends, and 50 times a second while it runs: a task that is running goes on
 * when the budget is used up, so {@code cpu.time} bounds by how much it can be exceeded. What was
 * used counts for all of its window, and for at most a sixtieth of it longer.
 *
 * <p>What {@code script} says is counted within the sandbox, by what runs the script: it ends one
 * that is too long or too deep soon, by name, and without costing the tenant a worker. A script
 * that has taken over what runs it is held by the other limits alone. A stack holds some thousand
 * functions, whatever {@code stack.depth} allows.
 *
 * <p>{@code require} names what must be there: where the host lacks it, the tenant's workloads are
 * refused. With {@code cgroup} these are also the limits that the policy itself sets, such as
 * {@code io.max}. What it does not name is still used wherever the host has it.
 *
 * <p>An override that can never apply, because an earlier one is for the same kind, is refused.
 *
 * <h2>Amounts</h2>
 *
 * <p>A decimal number with at most three places, without a sign, and a suffix without a space:
 *
 * <ul>
 *   <li>bytes: {@code Ki Mi Gi Ti Pi Ei} are powers of 1024, {@code k M G T P E} powers of 1000,
 *       and no suffix is single bytes. {@code 256m} is none ({@code m} is a thousandth): the
 *       message asks for {@code 256Mi}.
 *   <li>times: {@code ms}, {@code s}, {@code min}, {@code h}, {@code d}. There is none without a
 *       unit; the smallest step is 1ms.
 *   <li>processor cores: {@code m} is a thousandth, no suffix is whole ones: {@code 500m} is {@code
 *       0.5}.
 *   <li>rates: a count, a slash and a time, or a unit alone for one of it: {@code 50/s}, {@code
 *       10/5min}.
 *   <li>budgets: two times, {@code 30min per 1h}.
 *   <li>counts: plain, or with {@code k}, {@code M}, {@code G} for powers of 1000.
 * </ul>
 *
 * <h2>What is refused</h2>
 *
 * <p>Everything that is not understood: a key that is unknown (with the nearest valid one), given
 * twice, or of the wrong type; an amount with the wrong unit, out of range or finer than it can be
 * kept. And what this version would not enforce, so that no policy looks stricter than it is:
 * {@code network.egress}, {@code network.bandwidth}.
 *
 * <p>The files are YAML 1.2 in strict UTF-8, at most 64Ki, without anchors, aliases, tags, merge
 * keys and second documents. Numbers and booleans are no words unless they are quoted. A file may
 * be a link within its directory, but not out of it. {@code .yml} files are refused, not passed
 * over.
 *
 * <h2>When a file changes</h2>
 *
 * <p>An application that runs takes a changed policy over by itself: as a whole, once its files
 * have stayed the same for a moment. Files that are wrong or gone leave the last good policy in
 * force. What runs already gets the new {@code limits}, and an open plugin sandbox the new {@code
 * cpu.max}, {@code cpu.weight}, {@code memory.max}, {@code memory.high}, {@code memory.swap.max},
 * {@code pids.max} and, from its next call on, {@code task}; all else holds for what begins from
 * then on.
 *
 * <p>{@link PolicySchema} is the JSON Schema of the files, for editors: {@code #
 * yaml-language-server: $schema=policy.schema.json}.
 */
@NullMarked
package io.cordon.policy;

import org.jspecify.annotations.NullMarked;

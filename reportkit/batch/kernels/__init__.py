"""Where kernels come from: forked warm from a template where the system can, else ordinary.

- ``manager``: starts the kernels of a run, on sockets of their own;
- ``provisioner``: the way jupyter_client is told to fork a kernel (kernelspec ``reportkit``);
- ``host``: a template as seen from the process that asks it for kernels;
- ``template``: the template process itself;
- ``ordinary``: a kernel started the usual way, bound to the life of its run;
- ``processes``: what Linux offers to keep processes together.

Importing this package imports nothing.
"""

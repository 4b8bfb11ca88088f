"""RQ jobs: thin shells that call a service. The rows decide; a job only wakes work up."""

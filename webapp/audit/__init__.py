"""Who did what: settings changed, lists exported, people erased."""

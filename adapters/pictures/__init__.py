"""Pictures for people who may not read: receipts to keep, menus to point at, money as notes."""

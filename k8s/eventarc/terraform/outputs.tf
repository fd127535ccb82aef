output "subscriptions" {
  description = "The subscription of each trigger, for alerts on what is not delivered."
  value       = { for name, trigger in google_eventarc_trigger.this : name => trigger.transport[0].pubsub[0].subscription }
}

output "next" {
  description = "What is left to do by hand."
  value       = "List the namespaces eventarc-… of these triggers in the overlay's forwarders.yaml, and apply it."
}

# Triggers of one bucket for the service in GKE, their subscriptions' settings, dead letters and rights; what the README
# beside this folder does by hand.

terraform {
  required_version = ">= 1.5"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 5.30, < 8"
    }
  }
}

locals {
  # The trigger's name, and the last word of its events' type.
  triggers = {
    "rag-finalized"       = "finalized"
    "rag-deleted"         = "deleted"
    "rag-metadataupdated" = "metadataUpdated"
    "rag-archived"        = "archived"
  }
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  pod          = "principal://iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${var.project}.svc.id.goog/subject/ns/${var.namespace}/sa/rag-processor"
}

data "google_project" "this" {
  project_id = var.project
}

data "google_storage_project_service_account" "this" {
  project = var.project
}

# Once in a project: gcloud eventarc gke-destinations init. No resource does that.

resource "google_service_account" "triggers" {
  project      = var.project
  account_id   = "rag-triggers"
  display_name = "Triggers of rag-processor"
}

resource "google_project_iam_member" "triggers" {
  for_each = toset(["roles/pubsub.subscriber", "roles/monitoring.metricWriter", "roles/eventarc.eventReceiver"])
  project  = var.project
  role     = each.value
  member   = google_service_account.triggers.member
}

resource "google_project_iam_member" "storage_publishes" {
  project = var.project
  role    = "roles/pubsub.publisher"
  member  = data.google_storage_project_service_account.this.member
}

resource "google_eventarc_trigger" "this" {
  for_each        = local.triggers
  project         = var.project
  name            = each.key
  location        = var.location
  service_account = google_service_account.triggers.email

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.storage.object.v1.${each.value}"
  }
  matching_criteria {
    attribute = "bucket"
    value     = var.bucket
  }

  destination {
    gke {
      cluster   = var.cluster
      location  = var.location
      namespace = var.namespace
      service   = "rag-processor"
      path      = "/"
    }
  }

  depends_on = [google_project_iam_member.triggers, google_project_iam_member.storage_publishes]
}

resource "google_pubsub_topic" "dead_letters" {
  project = var.project
  name    = "rag-dead-letters"
}

resource "google_pubsub_subscription" "dead_letters" {
  project                    = var.project
  name                       = "rag-dead-letters"
  topic                      = google_pubsub_topic.dead_letters.id
  message_retention_duration = "604800s"
  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_topic_iam_member" "dead_letters" {
  project = var.project
  topic   = google_pubsub_topic.dead_letters.name
  role    = "roles/pubsub.publisher"
  member  = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "forwarded" {
  for_each     = google_eventarc_trigger.this
  project      = var.project
  subscription = each.value.transport[0].pubsub[0].subscription
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

# The subscription is Eventarc's, and no resource of ours: what it is to be is said to it.
resource "terraform_data" "subscription" {
  for_each         = google_eventarc_trigger.this
  triggers_replace = [each.value.transport[0].pubsub[0].subscription, google_pubsub_topic.dead_letters.id]

  provisioner "local-exec" {
    command = join(" ", [
      "gcloud pubsub subscriptions update ${each.value.transport[0].pubsub[0].subscription}",
      "--project=${var.project} --ack-deadline=600 --min-retry-delay=10s --max-retry-delay=600s",
      "--message-retention-duration=7d",
      "--dead-letter-topic=${google_pubsub_topic.dead_letters.id} --max-delivery-attempts=100",
    ])
  }
}

# The service's own rights.

resource "google_storage_bucket_iam_member" "reads" {
  bucket = var.bucket
  role   = "roles/storage.objectViewer"
  member = local.pod
}

resource "google_project_iam_member" "pod" {
  for_each = toset(["roles/aiplatform.user", var.database_role])
  project  = var.project
  role     = each.value
  member   = local.pod
}

resource "google_secret_manager_secret_iam_member" "password" {
  project   = var.project
  secret_id = var.password_secret
  role      = "roles/secretmanager.secretAccessor"
  member    = local.pod
}

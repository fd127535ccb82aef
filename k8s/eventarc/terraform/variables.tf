variable "project" {
  description = "Id of the project with the cluster, the bucket and the triggers."
  type        = string
}

variable "location" {
  description = "Region of the bucket, and so of the triggers and the cluster."
  type        = string
}

variable "cluster" {
  description = "Name of the GKE cluster."
  type        = string
}

variable "bucket" {
  description = "Name of the bucket whose events come."
  type        = string
}

variable "namespace" {
  description = "Namespace of the service in the cluster."
  type        = string
  default     = "rag"
}

variable "database_role" {
  description = "Lets the proxy connect: roles/cloudsql.client, or roles/alloydb.client."
  type        = string
  default     = "roles/cloudsql.client"
}

variable "password_secret" {
  description = "Name of the secret with the database's password."
  type        = string
  default     = "rag-database-password"
}
